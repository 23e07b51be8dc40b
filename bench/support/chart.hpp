// SPDX-License-Identifier: MIT
// Bar charts as SVG: one for each table, job by job, the best first, with a line from the least to the most of the rounds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "support/curve_chart.hpp"
#include "support/table.hpp"

namespace bench {

inline auto escaped(std::string const& text) -> std::string {
  std::string out;
  for (char const c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else out += c;
  }
  return out;
}

inline auto colour_of(entry const& who) -> char const* {
  if (who.contender == "millrace") return "#c0392b";
  if (who.contender == "hand-written") return "#bdc3c7";
  if (who.contender == "LMAX Disruptor" || who.contender == "lmax-style") return "#2c6fa8";
  return "#7fb3d5";
}

/// From values to pixels. Where the largest is more than a hundred times the least, a decade has the same width everywhere.
class axis {
 public:
  axis(double least, double most, double width) : least_{least}, most_{most}, width_{width}, logarithmic_{least > 0 && most / least > 100} {
    if (logarithmic_) least_ /= 2;
  }
  auto operator()(double value) const -> double {
    if (most_ <= 0) return 0;
    auto const part = logarithmic_ ? std::log(std::max(value, least_) / least_) / std::log(most_ / least_) : value / most_;
    return width_ * std::clamp(part, 0.0, 1.0);
  }
  auto logarithmic() const noexcept -> bool { return logarithmic_; }

 private:
  double least_, most_, width_;
  bool logarithmic_;
};

/// Of one quantity. The file is named after the topology, and the quantity if there are several.
inline void draw_one(std::string const& directory, topology const& where, std::vector<line_up> const& all, std::size_t q) {
  auto const& what = where.quantities[q];
  std::string name = where.name;
  if (where.quantities[1].name != nullptr) name.append("-").append(what.name);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == ' ' || c == ',' || c == '%' || c == '/'; }, '_');
  auto const path = std::filesystem::path{directory} / (name + ".svg");
  auto* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    std::perror(path.c_str());
    return;
  }
  auto const order = best_first(all, q);
  auto const of = [q](line_up const& l) { return summarise(values_of(l, std::nullopt, [q](measured const& m) { return m.values[q]; })); };
  double least = std::numeric_limits<double>::max(), most = 0;
  std::size_t jobs = 0;
  std::string job;
  for (auto const* l : order) {
    auto const s = of(*l);
    if (!std::isfinite(s.most)) return void(std::fclose(file));  // a run too short to say anything
    if (s.median > 0) least = std::min(least, s.median);
    most = std::max(most, s.most);
    if (jobs == 0 || l->who->job != job) job = l->who->job, ++jobs;
  }
  constexpr int left = 520, width = 480, step = 18;
  axis const along{least, most, width};
  auto const height = 46 + step * static_cast<int>(order.size()) + 26 * static_cast<int>(jobs);
  std::fprintf(file, "<!-- SPDX-License-Identifier: MIT -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
               left + width + 130, height);
  std::fprintf(file, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<text x=\"8\" y=\"20\" font-size=\"15\">%s: %s</text>\n<text x=\"8\" y=\"36\" fill=\"#555\">%s, %s; %s is better%s; line: least to most</text>\n",
               where.name, escaped(where.title).c_str(), escaped(what.name).c_str(), escaped(what.unit).c_str(), what.more_is_better ? "more" : "less",
               along.logarithmic() ? "; logarithmic" : "");
  int y = 46;
  job.clear();
  bool begun = false;
  for (auto const* l : order) {
    if (!begun || l->who->job != job) {
      begun = true;
      job = l->who->job;
      y += 26;
      std::fprintf(file, "<text x=\"8\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y - 6, escaped(job).c_str());
    }
    auto const s = of(*l);
    auto const label = l->who->contender + ": " + l->who->variant + (l->who->part == role::limit ? " (limit)" : "");
    std::fprintf(file, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", left - 6, y + 12, escaped(label).c_str());
    std::fprintf(file, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", left, y + 2, std::max(along(s.median), 1.0), step - 5, colour_of(*l->who));
    std::fprintf(file, "<path d=\"M%.1f %dH%.1f\" stroke=\"#333\"/>", left + along(s.least), y + 2 + (step - 5) / 2, left + along(s.most));
    std::fprintf(file, "<text x=\"%.1f\" y=\"%d\">%.4g</text>\n", left + along(s.most) + 6, y + 12, s.median);
    y += step;
  }
  std::fputs("</svg>\n", file);
  std::fclose(file);
}

inline void draw(std::string const& directory, topology const& where, std::vector<line_up> const& all) {
  std::error_code ignored;  // what cannot be written is said later
  std::filesystem::create_directories(directory, ignored);
  if (where.growth) return draw_curve(directory, where, all);
  for (std::size_t q = 0; q < where.quantities.size() && where.quantities[q].name != nullptr; ++q) draw_one(directory, where, all, q);
}

}  // namespace bench
