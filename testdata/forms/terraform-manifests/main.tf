variable "unknown" {}

locals {
  documents = [for text in split("\n---\n", file("docs/two.yaml")) : yamldecode(text)]
  names     = { "a" = 1, "b" = 0 }
}

resource "kubernetes_manifest" "object" {
  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "object", namespace = "x" }
    spec       = { maxUnavailable = "0%", selector = { matchLabels = { app = "object" } } }
  }
}

resource "kubernetes_manifest" "decoded" {
  manifest = yamldecode(<<-EOT
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: { name: "größe", namespace: x }
    spec:
      minAvailable: 100%
      selector: {}
  EOT
  )
}

resource "kubernetes_manifest" "each" {
  for_each = { for document in local.documents : "${document.kind}/${document.metadata.name}" => document }
  manifest = each.value
}

resource "kubectl_manifest" "encoded" {
  for_each = local.names
  yaml_body = yamlencode({
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = each.key, namespace = "x" }
    spec       = { maxUnavailable = each.value, selector = { matchLabels = { app = each.key } } }
  })
}

resource "kubectl_manifest" "template" {
  yaml_body = templatefile("docs/budget.yaml.tftpl", { percent = 100, names = ["eins", "zwei"] })
}

resource "kubectl_manifest" "file" {
  yaml_body = file("${path.module}/docs/one.yaml")
}

resource "kubectl_manifest" "unknown" {
  yaml_body = var.unknown
}

resource "kubectl_manifest" "partly" {
  yaml_body = <<-EOT
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: partly-${var.unknown}
      namespace: x
    spec:
      maxUnavailable: ${var.unknown == "" ? 0 : 0}
      selector:
        matchLabels:
          app: partly
  EOT
}

resource "null_resource" "applied" {
  provisioner "local-exec" {
    command = <<-EOC
      kubectl apply -f - <<'YAML'
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: { name: applied, namespace: x }
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: applied } } }
      YAML
    EOC
  }
}

resource "terraform_data" "script" {
  provisioner "local-exec" {
    command = "kubectl apply -f https://example.org/all.yaml"
  }
}
