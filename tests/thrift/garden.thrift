// SPDX-License-Identifier: Apache-2.0
//
// What graphd's IDL lacks: exceptions, a type that contains itself, sets and maps of everything,
// inheritance, another namespace. Only to test the repair of generated code.

namespace c_glib old_name
namespace py garden

enum Colour {
  RED = 1,
  GREEN = 2
}

typedef list<i32> Numbers

struct Leaf {
  1: string text = "leaf",
  2: binary raw,
  3: optional bool green,
  4: Colour colour = Colour.GREEN
}

exception Withered {
  1: string why,
  2: optional Leaf leaf
}

struct Tree {
  1: optional Tree left,
  2: optional Tree right,
  3: Leaf leaf,
  4: list<list<string>> words,
  5: map<i64, list<Leaf>> leaves,
  6: map<string, map<string, binary>> notes,
  7: set<i32> numbers,
  8: set<string> names,
  9: list<double> weights,
  10: map<Colour, string> colours,
  11: map<i32, Leaf> numbered,
  12: list<Numbers> lines,
  13: list<binary> blobs,
  14: list<bool> flags,
  15: string toString_name
}

union Fruit {
  1: Fruit inner,
  2: i32 seeds,
  3: list<Fruit> many
}

service Soil {
  void water ()
}

service Garden extends Soil {
  Tree grow (1: Leaf seed, 2: map<string, Fruit> feed) throws (1: Withered withered),
  string name (),
  binary soil (),
  list<Leaf> leaves (),
  oneway void shout (1: string text)
}
