locals {
  manifest = <<-YAML
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web, namespace: shop }
    spec:
      replicas: 2
      template:
        metadata: { labels: { app: web } }
        spec:
          containers: [{ name: web, image: "web:1.0.0" }]
          volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 512Mi } }]
  YAML
}

resource "terraform_data" "web" {
  triggers_replace = {
    size_limit = "256Mi"
  }
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      ${local.manifest}
      YAML
    SH
  }
}
