# Laid out as Terraform lays it out: templates splice the lines into documents.
layout = "${yamlencode({ b = "x", a = [1, "two", true, null, [], {}, [1, [2]], { k = "v", l = ["m"] }] })}"
strings = "${yamlencode({ block = "multi\nline\n", cut = "no\nend", lead = "  x\ny\n", only = "\n", two = "a\n\n", tab = "a\tb", space = "a \nb", next = "a\u0085b", "größe" = "ü" })}"
items = "${yamlencode({ list = ["a\nb\n", { inner = "c\nd\n" }] })}"
scalar = "${yamlencode(1.5)}"
spliced = yamldecode(<<-EOT
  first: 1
  ${indent(0, yamlencode({ second = { name = "wörter" } }))}
EOT
)
