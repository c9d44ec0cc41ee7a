#!/bin/sh
# The page around the table that house prints.
cat <<EOF
# How the code is laid out

    make house

Before: commit $1, from which the house was put in order. Tests, test data and the modules beside the program
(the laboratory, the bench) are left out. The program does more than it did, so lines and names are more; what
counts is how long a file or a function is, and that nothing is exported or written twice in vain.

| | before | now |
|---|---|---|
EOF
cat
cat <<EOF

"Exported, and used in their own package alone" are functions, variables and single constants; types and sets of constants do
not count, because one meets them without naming them. \`make house\` fails where there are any, and \`make check\` where
the program reaches a function on no system. Functions written more than once are whole bodies of four lines or more.
EOF
