replicas = 4
memory = "128MB"
