# Later names win over earlier ones.
replicas = 3
