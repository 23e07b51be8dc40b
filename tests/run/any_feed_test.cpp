// SPDX-License-Identifier: MIT
// The one file that knows the pipeline of the class feed.
#include "any_feed.hpp"

#include <millrace.hpp>

namespace mr = millrace;

feed::feed() {
  static_assert(!std::is_copy_constructible_v<mr::any_runner> && std::is_nothrow_move_constructible_v<mr::any_runner>);
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  run_ = mr::any_runner{mr::runner{mr::from<price>()                                                    //
                                       | mr::map<"text">([](price const& p) { return p.symbol + ' ' + std::to_string(p.cents); })  //
                                       | mr::tap<"keep">([this](std::string const& s) { seen_.push_back(s); }),
                                   crew, {.capacity = 8}}};
  in_ = run_.input<price>();
}
