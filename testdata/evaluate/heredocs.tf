plain = <<EOT
first
  second
EOT
flush = <<-EOT
    four
      six

    four again
  EOT
with_template = <<-EOT
    a ${"b"} c
    %{ if true }yes%{ endif }
  EOT
document = yamldecode(<<-EOT
    kind: ConfigMap
    data:
      key: "größe"
      block: |
        one
        two
  EOT
)
nested = yamldecode(yamldecode(<<-EOT
    outer: |
      inner:
        - a
        - b
  EOT
).outer)
windows = jsondecode("[\"a\\r\\n\", \"\\u00e9\"]")

for_before = <<-EOT
      list:
      %{~ for name in ["x", "y"] }
        - ${name}
      %{~ endfor }
      end: 1
    EOT
for_behind = <<-EOT
      list:
      %{ for name in ["x", "y"] ~}
        - ${name}
      %{ endfor ~}
      end: 1
    EOT
if_else = <<-EOT
      %{ if false ~}
      no
      %{ else ~}
      yes
      %{ endif ~}
    EOT
starts = <<-EOT
      ${~ "b: 1"}
        c: 2
    EOT

blank = <<-EOT
      a
   
        b
    EOT
wide = <<-EOT
    größe: ${"ü" ~}
      weg
    da
    EOT
quoted = "a\n%{~ for x in [1,2] ~}\n ${x}\n%{~ endfor ~}\n b"
quoted_backslash = "a\\n${~ 1}"
