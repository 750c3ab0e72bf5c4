variable "authentik_version" {
  default = "2026.2.2"
}

variable "extra" {}

locals {
  common = { repository = "https://charts.goauthentik.io", chart = "authentik" }
}

# By yamlencode, a heredoc, a template and a file, merged in this order; values over them.
resource "helm_release" "merged" {
  name       = "merged"
  namespace  = "a"
  repository = local.common.repository
  chart      = local.common.chart
  version    = var.authentik_version
  values = [
    yamlencode({ server = { replicas = 1, pdb = { enabled = true, minAvailable = 1 } } }),
    <<-YAML
      server:
        replicas: 2
        strategy:
          type: Recreate
    YAML
    ,
    templatefile("values/worker.yaml.tftpl", { replicas = 2, größe = "512MB" }),
    file("values/plain.yaml"),
  ]

  set {
    name  = "server.pdb.maxUnavailable"
    value = "0"
  }
  set_sensitive {
    name  = "authentik.secret_key"
    value = var.extra
  }
  set_list {
    name  = "server.env"
    value = ["a"]
  }
}

# As the newer provider has it.
resource "helm_release" "listed" {
  name      = "listed"
  namespace = "b"
  chart     = "oci://ghcr.io/goauthentik/helm-charts/authentik"
  version   = "2026.2.2"
  set = [
    { name = "server.replicas", value = 3 },
    { name = "server.podLabels.app\\.example\\.org/part", value = "007", type = "string" },
    { name = "worker.replicas", value = var.extra },
  ]
  values = var.extra == null ? [] : ["server: { autoscaling: { enabled: false } }"]
}

resource "helm_release" "local" {
  name  = "local"
  chart = "${path.module}/charts/local"
  set   = [{ name = "size", value = "1" }, { name = "sice", value = "2" }]
}

resource "helm_release" "elsewhere" {
  name       = "elsewhere"
  repository = "https://charts.example.org"
  chart      = "nobody-knows"
}

resource "helm_release" "whichever" {
  count      = var.extra ? 1 : 0
  name       = "whichever"
  namespace  = "c"
  repository = local.common.repository
  chart      = local.common.chart
  version    = "2026.2.2"
}

resource "helm_release" "none" {
  for_each = toset([])
  name     = each.key
  chart    = "authentik"
}
