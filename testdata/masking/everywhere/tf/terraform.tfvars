from_file = "gone-File3"
