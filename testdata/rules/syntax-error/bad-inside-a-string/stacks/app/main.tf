resource "kubectl_manifest" "app" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: app
      namespace: größe
    data:
      a: "unfinished
  EOT
}
