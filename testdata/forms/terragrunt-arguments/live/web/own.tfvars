memory = "256MB"
