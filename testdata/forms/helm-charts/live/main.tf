resource "helm_release" "web" {
  name      = "web"
  namespace = "web"
  chart     = "../charts/web"
  values = [
    file("web.yaml"),
    yamlencode({ cache = { port = 6380, replicas = 3 } }),
  ]
}
