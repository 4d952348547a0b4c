// A drawn graph (src/web/draw.h) becomes one whose nodes can be moved and followed, by Cytoscape. It begins as it
// was drawn; the table below has the same.
const colours = { plain: '#0b6166', good: '#1c6b45', waiting: '#5a3d78', attention: '#c98a00', urgent: '#b3261e' }

const look = [
  { selector: 'node', style: { label: 'data(mark)', 'background-color': 'data(colour)', 'text-valign': 'bottom', 'text-margin-y': 4, 'font-size': 13, color: '#1d2b2f', width: 20, height: 20, 'text-outline-color': '#fff', 'text-outline-width': 2 } },
  { selector: 'node.box', style: { shape: 'round-rectangle' } },
  { selector: 'edge', style: { label: 'data(label)', width: 1.5, 'line-color': '#7b8a8c', 'font-size': 11, color: '#1d2b2f', 'text-outline-color': '#fff', 'text-outline-width': 2, 'curve-style': 'bezier' } },
  { selector: 'edge.against', style: { 'line-color': '#a4541a', 'line-style': 'dashed' } }
]

function elementsOf (drawing) {
  const nodes = [...drawing.querySelectorAll('[data-node]')].map(({ dataset }) => ({
    data: { id: dataset.node, mark: dataset.mark, colour: colours[dataset.meaning], href: dataset.href ?? '' },
    classes: dataset.shape,
    position: { x: Number(dataset.x), y: Number(dataset.y) }
  }))
  const edges = [...drawing.querySelectorAll('[data-from]')].map(edge => ({
    data: { source: edge.dataset.from, target: edge.dataset.to, label: edge.dataset.label },
    classes: edge.classList.contains('draw-edge--against') ? 'against' : ''
  }))
  return [...nodes, ...edges]
}

function enliven (figure) {
  const drawing = figure.querySelector('svg')
  const elements = elementsOf(drawing)
  if (elements.length === 0) return
  const place = document.createElement('div')
  place.className = 'app-live-graph'
  place.setAttribute('role', 'application')
  place.setAttribute('aria-label', figure.querySelector('figcaption').textContent + ': a picture that can be moved')
  drawing.before(place)
  drawing.setAttribute('hidden', '')
  // its style stands in our own file: pages may not be given any by script
  if (!document.getElementById('__________cytoscape_stylesheet')) {
    const stands = document.createElement('template')
    stands.id = '__________cytoscape_stylesheet'
    document.head.append(stands)
  }
  const graph = cytoscape({ container: place, elements, style: look, layout: { name: 'preset', padding: 30 }, userZoomingEnabled: false, maxZoom: 2 })
  graph.on('dbltap', 'node', event => {
    const href = event.target.data('href')
    if (href) location.assign(href)
  })
}

document.querySelectorAll('.app-graph').forEach(enliven)
