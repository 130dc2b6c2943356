#include "proto/ident/scheme.h"

namespace idnode {

std::string SchemeOptions() {
  std::string options;
  for (const SchemeRow& row : kSchemeRows) {
    if (&row != kSchemeRows.data()) options += &row == &kSchemeRows.back() ? " or " : ", ";
    options += row.option;
  }
  return options;
}

}  // namespace idnode
