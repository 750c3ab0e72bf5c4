kubectl patch deploy/web --type json --patch-file scripted.yaml
