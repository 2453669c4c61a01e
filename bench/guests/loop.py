# Argument: how often.
import sys

total, seen = 0, {}
for i in range(int(sys.argv[1])):
    key = (i * 7919) % 1009
    seen[key] = seen.get(key, 0) + 1
    total = (total * 31 + seen[key]) % 1000003
print(total)
