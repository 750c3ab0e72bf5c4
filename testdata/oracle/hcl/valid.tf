# Forms that HashiCorp's parser accepts.
empty_heredoc = <<EOT
  EOT
duplicate = { a = 1, "a" = 2 }
duplicate_bare = {
  a = 1
  a = 2
}
newlines = [
  1,
  2,

]
call = merge(
  { a = 1 },
  { b = 2 }...
)
nested_template = "a ${"b ${"c"} d"} e"
escaped = "\u00e9 $${x} %%{y}"
splat = a.b[*].c.d
legacy_splat = a.*.b
legacy_index = a.0.b
unicode = "größe €"
größe = 1
dashed-name = 2
ternary = a ? b : c ? d : e
for_object = { for k, v in a : k => v... if v != null }
object_colon = { a : 1, "b" : 2 }
paren_key = { (a) = 1 }
heredoc_template = <<-EOT
    %{ for x in y ~}
    ${x}
    %{ endfor ~}
  EOT
block "label" unquoted "other" {
  inner {}
  one_line { a = 1 }
}
/* a comment
   over lines */
// another
operators = !a && -b < c || d % e >= f
