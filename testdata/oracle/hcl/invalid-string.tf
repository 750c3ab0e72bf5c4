a = "unfinished
