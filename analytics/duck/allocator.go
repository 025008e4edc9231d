package duck

import "C" // for allocator.c
