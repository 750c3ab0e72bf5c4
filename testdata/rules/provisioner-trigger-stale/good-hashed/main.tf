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

resource "null_resource" "web" {
  triggers = {
    manifest = sha256(local.manifest)
  }
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      ${local.manifest}
      YAML
    SH
  }
}

resource "terraform_data" "list" {
  triggers_replace = [md5(local.manifest)]
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      ${local.manifest}
      YAML
    SH
  }
}

resource "terraform_data" "whole" {
  triggers_replace = local.manifest
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      ${local.manifest}
      YAML
    SH
  }
}

resource "null_resource" "always" {
  triggers = {
    always = timestamp()
  }
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'YAML'
      ${local.manifest}
      YAML
    SH
  }
}

variable "triggers" { type = map(string) }

resource "null_resource" "unknown" {
  triggers = var.triggers
  provisioner "local-exec" {
    command = "kubectl apply -f - <<'YAML'\n${local.manifest}\nYAML\n"
  }
}

resource "null_resource" "file" {
  provisioner "local-exec" {
    command = "kubectl apply -f manifest.yaml"
  }
}
