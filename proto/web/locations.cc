#include "proto/web/locations.h"

#include <algorithm>
#include <array>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <cmath>
#include <sstream>

#include "proto/base/text.h"

namespace idnode {
namespace {

namespace tree = boost::property_tree;

constexpr size_t kOctetsMax = 65'536;
// The parser calls itself for each element inside another: this bounds its stack, too.
constexpr size_t kElementsMax = 512;
constexpr double kNumberMax = 1e9;

constexpr std::array<std::string_view, 5> kDefaultSelectors = {"locatt", "address", "country",
                                                               "score", "weighted"};

Status CheckXml(std::string_view xml) {
  if (xml.size() > kOctetsMax) return Error{Errc::kTooLarge, "locations: 65536 octets"};
  const auto opened = static_cast<size_t>(std::ranges::count(xml, '<'));
  if (opened > 2 * kElementsMax) return Error{Errc::kTooLarge, "locations: 512 elements"};
  if (xml.find("<!DOCTYPE") != std::string_view::npos ||
      xml.find("<!doctype") != std::string_view::npos) {
    return Error{Errc::kMalformed, "locations: a document type"};
  }
  // XML 1.0, 2.2: of the control characters it has three.
  const bool has_others = std::ranges::any_of(xml, [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
  });
  if (!IsUtf8(xml) || has_others) {
    return Error{Errc::kMalformed, "locations: no XML"};
  }
  return {};
}

// A weight or a score.
double NumberOf(const std::string& text, double otherwise) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(number >= 0)) return otherwise;
  return std::min(number, kNumberMax);
}

uint16_t StatusOf(std::string_view text) {
  constexpr std::array<uint16_t, 5> kRedirections = {301, 302, 303, 307, 308};
  const auto status = ParseDecimal(text, 999);
  if (!status || std::ranges::find(kRedirections, *status) == kRedirections.end()) return 302;
  return static_cast<uint16_t>(*status);
}

Location LocationOf(const tree::ptree& element) {
  Location location;
  const auto attributes = element.get_child_optional("<xmlattr>");
  if (!attributes) return location;
  for (const auto& [name, value] : *attributes) {
    const std::string& text = value.data();
    if (name == "href" && !HasControlCharacter(text)) location.href = text;
    if (name == "weight") location.weight = NumberOf(text, 1);
    if (name == "http_sc") location.status = StatusOf(text);
    location.attributes.emplace_back(name, text);
  }
  return location;
}

// What stands apart by commas: selectors, networks.
std::vector<std::string> ListOf(const std::string& text) {
  std::vector<std::string> list;
  std::string item;
  for (const char c : text + ',') {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c != ',') {
      item.push_back(c);
    } else if (!item.empty()) {
      list.push_back(std::exchange(item, {}));
    }
  }
  return list;
}

using Choice = std::vector<const Location*>;

// Those that `fits`, if there are any; a selector that matches nothing narrows nothing.
template <class Fits>
bool Narrow(Choice& choice, Fits fits) {
  Choice narrower;
  std::ranges::copy_if(choice, std::back_inserter(narrower),
                       [&](const Location* each) { return fits(*each); });
  if (narrower.empty()) return false;
  choice = std::move(narrower);
  return true;
}

bool NarrowByAttributes(Choice& choice, const LocationWishes& wishes) {
  bool narrowed = false;
  for (const auto& wish : wishes.attributes) {
    narrowed |= Narrow(choice, [&wish](const Location& each) {
      const std::string* text = each.Find(wish.first);
      return text != nullptr && *text == wish.second;
    });
  }
  return narrowed;
}

// It is not known here where an address lies: those for no country in particular are for all.
void NarrowByCountry(Choice& choice) {
  Narrow(choice, [](const Location& each) {
    const std::string* country = each.Find("country");
    return country == nullptr || country->empty();
  });
}

// A location says by `addresses` for which networks it is, apart by commas.
void NarrowByAddress(Choice& choice, const LocationWishes& wishes) {
  if (!wishes.is_in) return;
  Narrow(choice, [&](const Location& each) {
    const std::string* addresses = each.Find("addresses");
    if (addresses == nullptr) return false;
    const std::vector<std::string> networks = ListOf(*addresses);
    return std::ranges::any_of(networks, wishes.is_in);
  });
}

// Those with the highest score; without one it is 0.
void NarrowByScore(Choice& choice) {
  const auto score_of = [](const Location* each) {
    const std::string* text = each->Find("score");
    return text == nullptr ? 0.0 : NumberOf(*text, 0);
  };
  double highest = 0;
  for (const Location* each : choice) highest = std::max(highest, score_of(each));
  Narrow(choice, [&](const Location& each) { return score_of(&each) == highest; });
}

const Location* Draw(const Choice& choice, double draw) {
  double sum = 0;
  for (const Location* each : choice) sum += each->weight;
  if (sum <= 0) return nullptr;
  double left = draw * sum;
  const Location* last = nullptr;
  for (const Location* each : choice) {
    if (each->weight <= 0) continue;
    last = each;
    if (left < each->weight) return each;
    left -= each->weight;
  }
  return last;
}

// What stands for a character that may not stand in XML or HTML; empty: nothing does.
constexpr std::string_view ReferenceOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0; c < plain.size(); ++c) {
    plain[c] = (c >= ' ' || c == '\n' || c == '\t') && ReferenceOf(static_cast<char>(c)).empty();
  }
  return plain;
}();

}  // namespace

const std::string* Location::Find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      attributes, [&](const auto& attribute) { return attribute.first == name; });
  return found == attributes.end() ? nullptr : &found->second;
}

Result<Locations> ParseLocations(std::string_view xml) {
  if (const Status fits = CheckXml(xml); !fits) return fits.error();
  tree::ptree document;
  try {
    std::istringstream in{std::string(xml)};
    tree::read_xml(in, document, tree::xml_parser::no_comments);
  } catch (const tree::xml_parser_error&) {
    return Error{Errc::kMalformed, "locations: no XML"};
  }
  const auto root = document.get_child_optional("locations");
  if (!root) return Error{Errc::kMalformed, "locations: another document"};
  Locations result;
  for (const char* name : {"<xmlattr>.choose_by", "<xmlattr>.chooseby"}) {
    if (const auto text = root->get_optional<std::string>(name)) {
      result.choose_by = ListOf(*text);
      break;
    }
  }
  for (const auto& [name, element] : *root) {
    if (name != "location") continue;
    Location location = LocationOf(element);
    if (!location.href.empty()) result.locations.push_back(std::move(location));
  }
  return result;
}

const Location* ChooseLocation(const Locations& locations, const LocationWishes& wishes) {
  Choice choice;
  for (const Location& each : locations.locations) choice.push_back(&each);
  if (choice.empty()) return nullptr;
  std::vector<std::string_view> selectors(locations.choose_by.begin(), locations.choose_by.end());
  if (selectors.empty()) selectors.assign(kDefaultSelectors.begin(), kDefaultSelectors.end());
  bool asked_for = false;
  for (const std::string_view selector : selectors) {
    if (selector == "locatt") asked_for |= NarrowByAttributes(choice, wishes);
    if (selector == "address") NarrowByAddress(choice, wishes);
    if (selector == "country") NarrowByCountry(choice);
    if (selector == "score") NarrowByScore(choice);
    if (selector == "weighted") break;
  }
  if (const Location* drawn = Draw(choice, wishes.draw)) return drawn;
  return asked_for ? choice[0] : nullptr;
}

void AppendEscaped(std::string_view text, std::string& out) {
  while (true) {
    size_t plain = 0;
    while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
    out.append(text.substr(0, plain));
    if (plain == text.size()) return;
    out.append(ReferenceOf(text[plain]));
    text.remove_prefix(plain + 1);
  }
}

void WriteLocations(const Locations& locations, std::string& out) {
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<locations";
  std::string selectors;
  for (const std::string& each : locations.choose_by) {
    selectors.append(selectors.empty() ? "" : ",").append(each);
  }
  if (!selectors.empty()) {
    out += " choose_by=\"";
    AppendEscaped(selectors, out);
    out += '"';
  }
  out += ">\n";
  for (const Location& location : locations.locations) {
    out += "  <location";
    for (const auto& [name, value] : location.attributes) {
      out.append(" ").append(name).append("=\"");
      AppendEscaped(value, out);
      out += '"';
    }
    out += "/>\n";
  }
  out += "</locations>\n";
}

}  // namespace idnode
