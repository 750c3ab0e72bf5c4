a${templatefile("a.tpl", {})}
