// SPDX-License-Identifier: MIT
// expect: show
// expect: change the type of the parameter of the handler
// expect gcc: stage show gets const order&, takes something else (it is a template or has overloads):
#include "cases.hpp"

struct show {
  void operator()(int) const {}
  void operator()(std::string const&) const {}
#ifdef MILLRACE_CORRECTED
  void operator()(order const&) const {}
#endif
};
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"show">(show{});
