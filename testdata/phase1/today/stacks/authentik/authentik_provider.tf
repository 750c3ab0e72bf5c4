variable "postgres_host" {
  type    = string
  default = "pgbouncer.authentik"
}

resource "authentik_provider_proxy" "forward_auth" {
  name                  = "forward-auth"
  mode                  = "forward_domain"
  external_host         = "https://authentik.${var.cluster_domain}"
  cookie_domain         = var.cluster_domain
  access_token_validity = "weeks=4"
}

# The proxy in front of everything else. Its pods answer on the Service of authentik's server, too, hence the label.
resource "authentik_outpost" "proxy" {
  name               = "Forward Auth"
  type               = "proxy"
  protocol_providers = [authentik_provider_proxy.forward_auth.id]
  config = jsonencode({
    authentik_host       = "https://authentik.${var.cluster_domain}"
    kubernetes_namespace = "authentik"
    kubernetes_replicas  = 2
    kubernetes_json_patches = {
      deployment = [
        # Sessions are files in /dev/shm: 64 MiB were full after 15 hours.
        {
          op    = "add"
          path  = "/spec/template/spec/volumes"
          value = [{ name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "2Gi" } }]
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/volumeMounts"
          value = [{ name = "dshm", mountPath = "/dev/shm" }]
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/resources"
          value = { requests = { cpu = "50m", memory = "256Mi" }, limits = { memory = "2560Mi" } }
        },
        {
          op    = "add"
          path  = "/spec/template/metadata/labels/app.kubernetes.io~1component"
          value = "server"
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/env/-"
          value = { name = "AUTHENTIK_POSTGRESQL__HOST", value = var.postgres_host }
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/env/-"
          value = { name = "AUTHENTIK_POSTGRESQL__PORT", value = "6432" }
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/env/-"
          value = { name = "AUTHENTIK_POSTGRESQL__NAME", value = "authentik" }
        },
        {
          op    = "add"
          path  = "/spec/template/spec/containers/0/env/-"
          value = { name = "AUTHENTIK_POSTGRESQL__USER", value = "authentik" }
        },
        {
          op   = "add"
          path = "/spec/template/spec/containers/0/env/-"
          value = {
            name      = "AUTHENTIK_POSTGRESQL__PASSWORD"
            valueFrom = { secretKeyRef = { name = "authentik-secret", key = "AUTHENTIK_POSTGRESQL__PASSWORD" } }
          }
        },
      ]
    }
  })
}
