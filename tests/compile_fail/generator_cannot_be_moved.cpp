// SPDX-License-Identifier: MIT
// expect: this one cannot be moved into it
#include "cases.hpp"

struct reader {
  reader() = default;
  reader(reader const&) = delete;
  auto operator=(reader const&) -> reader& = delete;
  auto operator()() -> std::optional<order> { return {}; }
};
reader file;
[[maybe_unused]] auto p = mr::generate(WRONG(std::move(file)) RIGHT([] { return file(); })) | mr::tap<"see">(see);
