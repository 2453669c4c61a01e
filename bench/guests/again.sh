# Starts a command again and again. Arguments: the command, and how often.
command=
while [ $# -gt 1 ]; do
  command="$command $1"
  shift
done
i=0
while [ $i -lt $1 ]; do
  i=$((i + 1))
  $command || exit 1
done
