#pragma once

#include <span>
#include <string_view>

namespace idnode {

// Codes of regions (GB/T 2260) and industries (GB/T 4754-2017), ascending by code; made from
// regions.csv and industries.csv (README.md).
struct CodeRow {
  std::string_view code, parent, name;  // No parent: a province, a category (门类).
};
std::span<const CodeRow> Regions();
std::span<const CodeRow> Industries();

// Null: there is none.
const CodeRow* FindRegion(std::string_view code);
const CodeRow* FindIndustry(std::string_view code);

// Level of a region: 1 province, 2 city, 3 county; 0: there is no such region.
int RegionLevel(std::string_view code);

// Whether there is an industry of this level (1 category: a letter; 2 division: two digits; 3
// group, 4 class: three and four digits). Of the lower two the form decides where the table has
// none below their division.
bool IsIndustry(int level, std::string_view code);
// Whether `code`, of level `level` from 2 on, belongs to `above`, of the level before.
bool IndustryBelongsTo(int level, std::string_view code, std::string_view above);

}  // namespace idnode
