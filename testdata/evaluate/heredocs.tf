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
