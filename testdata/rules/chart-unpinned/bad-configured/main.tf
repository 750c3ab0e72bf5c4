resource "helm_release" "ledger" {
  name       = "ledger"
  namespace  = "shop"
  repository = "https://charts.example.org"
  chart      = "ledger"
}

resource "helm_release" "traefik" {
  name       = "traefik"
  namespace  = "traefik"
  repository = "https://traefik.github.io/charts"
  chart      = "traefik"
}
