// SPDX-License-Identifier: MIT
// Curves as SVG: a line for each contender over the points of a topology of growth. Both axes are logarithmic.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/table.hpp"

namespace bench {

inline void draw_curve(std::string const& directory, topology const& where, std::vector<line_up> const& all) {
  auto const path = std::filesystem::path{directory} / std::string{where.name}.append(".svg");
  auto* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    std::perror(path.c_str());
    return;
  }
  using curve = std::vector<std::pair<double, double>>;
  std::map<std::string, curve> curves;
  double left = std::numeric_limits<double>::max(), right = 0, low = left, high = 0;
  for (auto const& l : all) {
    auto const x = std::strtod(l.who->job.c_str(), nullptr);
    auto const y = summarise(values_of(l, std::nullopt, [](measured const& m) { return m.values[0]; })).median;
    if (x <= 0 || y <= 0) continue;
    curves[l.who->contender + ": " + l.who->variant].emplace_back(x, y);
    left = std::min(left, x), right = std::max(right, x), low = std::min(low, y), high = std::max(high, y);
  }
  constexpr double width = 620, height = 380, from_left = 70, from_top = 50;
  auto const along = [](double v, double least, double most, double length) {
    return most > least ? length * std::log(v / least) / std::log(most / least) : length / 2;
  };
  low *= 0.8, high *= 1.25;
  auto const x_of = [&](double v) { return from_left + along(v, left, right, width); };
  auto const y_of = [&](double v) { return from_top + height - along(v, low, high, height); };
  std::fprintf(file, "<!-- SPDX-License-Identifier: MIT -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" font-family=\"sans-serif\" font-size=\"12\">\n",
               from_left + width + 260, from_top + height + 50);
  std::fprintf(file, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<text x=\"8\" y=\"20\" font-size=\"15\">%s</text>\n<text x=\"8\" y=\"38\" fill=\"#555\">%s against %s; both logarithmic</text>\n",
               where.name, where.quantities[0].unit, where.title);
  std::fprintf(file, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"none\" stroke=\"#999\"/>\n", from_left, from_top, width, height);
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10)
    for (double const step : {1.0, 2.0, 5.0})
      if (auto const v = decade * step; v >= low && v <= high)
        std::fprintf(file, "<path d=\"M%.1f %.1fh%.1f\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", from_left, y_of(v), width, from_left - 6, y_of(v) + 4, v);
  std::vector<double> marks;
  for (auto const& [name, points] : curves)
    for (auto const& p : points) marks.push_back(p.first);
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  for (auto const m : marks) std::fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.0f</text>\n", x_of(m), from_top + height + 18, m);

  constexpr std::array<char const*, 6> colours{"#7f8c8d", "#2c6fa8", "#c0392b", "#e67e22", "#27ae60", "#8e44ad"};
  std::size_t n = 0;
  for (auto& [name, points] : curves) {
    std::sort(points.begin(), points.end());
    auto const* const colour = colours[n % colours.size()];
    std::fprintf(file, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour);
    for (auto const& p : points) std::fprintf(file, "%.1f,%.1f ", x_of(p.first), y_of(p.second));
    std::fputs("\"/>\n", file);
    for (auto const& p : points) std::fprintf(file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x_of(p.first), y_of(p.second), colour);
    auto const y = from_top + 14 + 18 * static_cast<double>(n++);
    std::fprintf(file, "\n<text x=\"%.0f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", from_left + width + 10, y, colour, name.c_str());
  }
  std::fputs("</svg>\n", file);
  std::fclose(file);
}

}  // namespace bench
