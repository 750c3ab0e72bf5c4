resource "kubernetes_stateful_set_v1" "db" {
  metadata {
    name      = "db"
    namespace = "shop"
  }
  spec {
    service_name = "database"
    template {
      metadata {
        labels = { app = "db" }
      }
      spec {
        service_account_name = "db"
        container {
          name  = "db"
          image = "postgres:17.2"
        }
      }
    }
  }
}

resource "kubernetes_service_v1" "db" {
  metadata {
    name      = "db"
    namespace = "shop"
  }
  spec {
    cluster_ip = "None"
    selector   = { app = "db" }
    port {
      port = 5432
    }
  }
}
