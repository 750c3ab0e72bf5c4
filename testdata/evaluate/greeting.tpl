%{ for name in names ~}
Hello ${name}${sign}
%{ endfor ~}
%{ if length(names) > 1 }several%{ else }one%{ endif }
  indented ${~ " tight " ~}   end
$${not.a.reference} and %%{ not a directive }
