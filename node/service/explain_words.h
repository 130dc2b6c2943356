#pragma once

#include "node/service/explain.h"

namespace idnode {

// One or two sentences for people, in both languages: what it is, whose, and how it ends.
void PutIntoWords(Explanation& told);

}  // namespace idnode
