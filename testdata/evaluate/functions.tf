# Each attribute is evaluated; functions.txt says what it is, where it stands, and how it came.
merged          = merge({ a = 1, b = { c = 2 } }, { b = { d = 3 } }, null, { e = 4 })
merged_unknown  = merge({ a = 1 }, var.nowhere, { b = 2 })
tried           = try({ a = 1 }.b, [0][3], "last")
tried_known     = try("first", "last")
could           = [can({ a = 1 }.a), can({ a = 1 }.b)]
coalesced       = coalesce(null, "", "third")
coalesced_list  = coalescelist([], [1, 2])
looked_up       = [lookup({ a = 1 }, "a", 0), lookup({ a = 1 }, "b", 0)]
concatenated    = concat([1], [], ["two", 3])
formatted       = format("%s-%03d %5.1f%% %q %v", "a", 7, 2.25, "q", true)
format_listed   = formatlist("%s.%s", ["a", "b"], "c")
converted       = [tostring(1.5), tostring(true), tonumber("12"), tonumber("x"), tobool("true")]
strings         = [upper("äb"), lower("ÄB"), title("two words"), trimspace(" x "), replace("a.b.c", ".", "-"), replace("a1b22", "/[0-9]+/", "_")]
substrings      = [substr("größe", 2, 2), substr("abc", -2, 2), strrev("abc"), trim("xxaxx", "x"), trimprefix("v1.2", "v"), trimsuffix("a.tf", ".tf")]
split_joined    = [split(",", "a,b,,c"), join("-", ["a", 1, true]), chomp("a\n\n"), indent(2, "a\nb")]
collections     = [length("größe"), length([1, 2]), keys({ b = 1, a = 2 }), values({ b = 1, a = 2 }), contains(["a"], "a"), element(["a", "b"], 3)]
sets            = [distinct([1, 1, 2]), flatten([[1], [[2, 3]]]), reverse([1, 2]), sort(["b", "a"]), slice([1, 2, 3], 1, 3), toset(["b", "a", "b"])]
maps            = [zipmap(["a", "b"], [1, 2]), { for k, v in { a = 1 } : upper(k) => v }, tomap({ a = 1 }), setsubtract(["a", "b"], ["b"])]
numbers         = [max(1, 3, 2), min(1, 3), ceil(1.2), floor(1.8), abs(-2), parseint("ff", 16), pow(2, 10), signum(-3)]
encoded_json    = jsonencode({ b = [1, "x", null], a = { c = true } })
encoded_yaml    = yamlencode({ b = [1, "x"], a = { c = true } })
decoded_json    = jsondecode("{\"a\": [1, {\"b\": null}]}")
decoded_yaml    = yamldecode("a: 1\nb:\n  - x\n  - {c: d}\n")
round_trip      = yamldecode(yamlencode({ kept = "with its place" }))
ranged          = [range(3), range(1, 4), range(6, 0, -2)]
conditional     = 1 > 2 ? "no" : "yes"
from_template   = templatefile("greeting.tpl", { names = ["ä", "b"], sign = "!", escaped = "x" })
from_file       = file("plain.txt")
missing         = [fileexists("plain.txt"), fileexists("nowhere.txt")]
folder          = [basename("/a/b.tf"), dirname("/a/b.tf")]
hashed          = sha256(file("plain.txt"))
unknown_inside  = "a-${var.nowhere}-b"
unknown_list    = [1, var.nowhere, 3]
unknown_if      = var.nowhere ? 1 : 2
no_such         = some_function_of_tomorrow(1)
changing        = timestamp()
matched         = [regex("[a-z]+", "12ab34"), regex("(\\d+)-(\\d+)", "10-20"), regex("(?P<major>\\d+)\\.(?P<minor>\\d+)", "v1.24"), regexall("[0-9]", "a1b2")]
unmatched       = try(regex("x", "abc"), "no match")
base64          = [base64encode("größe"), base64decode("Z3LDtsOfZQ=="), filebase64("plain.txt")]
urls            = urlencode("a b&ä/~")
rows            = csvdecode("name,size\na,1\nb,2\n")
networks        = [cidrhost("10.0.0.0/24", 5), cidrhost("10.0.0.0/24", -1), cidrnetmask("172.16.0.0/12"), cidrsubnet("10.0.0.0/16", 8, 2), cidrsubnets("10.0.0.0/16", 4, 8, 4), cidrsubnet("fd00::/48", 16, 162)]
combined        = [setproduct(["a", "b"], [1, 2]), matchkeys(["x", "y"], ["a", "b"], ["b"]), transpose({ a = ["1", "2"], b = ["2"] })]
decided         = [alltrue([true, var.nowhere]), alltrue([false, var.nowhere]), anytrue([true, var.nowhere])]
flat_unknown    = flatten([[1], var.nowhere])
sorted_unknown  = sort(["b", var.nowhere])
files           = fileset(".", "*.t{f,pl}")
strung          = templatestring("Hello $${name}!", { name = "you" })
unknown_vars    = templatefile("greeting.tpl", var.nowhere)
ordered = [for key, value in { b = 1, a = 2, "ä" = 3 } : "${key}${value}"]
ordered_keys = keys({ b = 1, a = 2 })
ordered_text = "%{ for key, value in { b = 1, a = 2 } }${key}=${value} %{ endfor }"
