variable "name" {}
variable "replicas" {}

locals {
  documents = [
    for document in split("\n---\n", templatefile("${path.module}/job.yaml.tftpl", { name = var.name, replicas = var.replicas })) :
    yamldecode(document)
  ]
}

resource "kubernetes_manifest" "job" {
  for_each = { for d in local.documents : "${d.kind}/${d.metadata.name}" => d }
  manifest = each.value
}
