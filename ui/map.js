// A drawn map (src/web/draw.h) becomes one that can be moved and looked at closer, by Leaflet. No tiles: the areas
// and points are those of the drawing, and the table below has the same.
import { isPhone } from './ui-folds.mjs'

const colours = { plain: '#0b6166', good: '#1c6b45', waiting: '#5a3d78', attention: '#c98a00', urgent: '#b3261e' }

function popup (point) {
  const { name, href } = point.dataset
  if (!href) return document.createTextNode(name)
  const link = document.createElement('a')
  link.href = href
  link.textContent = name
  return link
}

function enliven (figure) {
  const drawing = figure.querySelector('svg')
  const points = [...drawing.querySelectorAll('circle[data-lat]')]
  if (points.length === 0) return
  const place = document.createElement('div')
  place.className = 'app-live-map'
  place.setAttribute('role', 'application')
  place.setAttribute('aria-label', figure.querySelector('figcaption').textContent + ': a map that can be moved')
  drawing.before(place)
  drawing.setAttribute('hidden', '')
  const map = L.map(place, { attributionControl: false, zoomSnap: 0.5, minZoom: 5, maxZoom: 20, scrollWheelZoom: false, dragging: !isPhone() || L.Browser.mobile })
  L.control.scale({ imperial: false }).addTo(map)
  const all = L.featureGroup()
  for (const point of points) {
    const { lat, lon, radius, meaning, name } = point.dataset
    const at = [Number(lat), Number(lon)]
    if (Number(radius) > 0) L.circle(at, { radius: Number(radius), color: colours.plain, weight: 1, dashArray: '4 3', fillOpacity: 0.08, interactive: false }).addTo(all)
    L.circleMarker(at, { radius: 8, color: '#fff', weight: 2, fillColor: colours[meaning], fillOpacity: 1 })
      .bindTooltip(name).bindPopup(popup(point)).addTo(all)
  }
  map.fitBounds(L.latLngBounds(points.map(({ dataset }) => [dataset.lat, dataset.lon])).pad(0.3), { maxZoom: 15 })
  all.addTo(map)
  const areas = drawing.querySelector('[data-areas]')
  if (areas) background(map, areas.dataset.areas)
}

async function background (map, address) {
  try {
    const answer = await fetch(address)
    if (!answer.ok) return
    L.geoJSON(await answer.json(), { style: { color: '#aeb9b8', weight: 1, fillColor: '#eef1ee', fillOpacity: 0.6 }, interactive: false })
      .addTo(map).bringToBack()
  } catch {
    // no signal: the points stand without their background
  }
}

document.querySelectorAll('.app-map').forEach(enliven)
