// SPDX-License-Identifier: MIT
// The one file of a program that is compiled separately.
// [one_file]
#include <millrace/separate.hpp>
// [/one_file]
