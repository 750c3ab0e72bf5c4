resource "kubernetes_namespace" "dbaas" {
  metadata {
    name = "dbaas"
    labels = {
      tier = local.tiers.core
    }
  }
}

# The operator's types are not known to the provider when the plan is made, hence kubectl.
resource "null_resource" "postgresql" {
  triggers = {
    document = sha256(local.postgresql)
  }

  provisioner "local-exec" {
    command = "kubectl apply -f - <<'YAML'\n${local.postgresql}\nYAML"
  }
}

locals {
  postgresql = <<-EOT
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata:
      name: postgresql
      namespace: dbaas
    spec:
      instances: 2
      postgresql:
        parameters:
          max_connections: "100"
          shared_buffers: 512MB
      resources:
        requests:
          cpu: 500m
          memory: 2Gi
        limits:
          memory: 2Gi
  EOT
}
