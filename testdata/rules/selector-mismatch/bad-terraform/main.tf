resource "kubernetes_stateful_set_v1" "db" {
  metadata {
    name = "db"
  }
  spec {
    service_name = "db"
    selector {
      match_labels = { app = "db" }
    }
    template {
      metadata {
        labels = { name = "db" }
      }
      spec {
        container {
          name  = "db"
          image = "postgres:17.0"
        }
      }
    }
  }
}
