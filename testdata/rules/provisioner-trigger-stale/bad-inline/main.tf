resource "null_resource" "web" {
  triggers = { manifest = sha256(file("${path.module}/other.txt")) }
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: a, namespace: shop }
      YAML
    SH
  }
}
