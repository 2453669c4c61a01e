# Argument: how often.
my ($sum, %seen) = (0);
for my $i (1 .. $ARGV[0]) {
  my $word = join '-', $i % 97, $i % 89;
  $sum = ($sum * 31 + length($word) + ++$seen{$word}) % 1000003 if $word =~ /(\d)-\1/ || $i & 1;
}
print "$sum\n";
