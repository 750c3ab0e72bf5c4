replicas = 2
sizes = { memory = "1Gi" }
