// SPDX-License-Identifier: MIT
// The one file of a program that is compiled separately.
// [one file]
#include <millrace/separate.hpp>
// [/one file]
