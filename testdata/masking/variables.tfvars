plain  = "stays"
hidden = "gone-11"
