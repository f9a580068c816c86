using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>Decides whether the channel's present endpoints still need an order that is being retried.</summary>
internal sealed class WantedOrders(Roster roster, LayoutTransition layouts, EndpointPlanner endpoints) : IWantedOrders
{
    /// <summary>
    /// Returns true while the order must be retried: the room holds the endpoint (also during a move out of the room), and the member
    /// still has these permissions.
    /// </summary>
    public bool Wants(UpdateEndpoint update) =>
        endpoints.Find(update.Endpoint.Layout, update.Endpoint.Number) is { } endpoint
        && (endpoint.Room?.Room == update.Endpoint.Room || endpoint.Former?.Room == update.Endpoint.Room)
        && roster.Find(update.Endpoint.Number) is { } member && EndpointPlanner.Permissions(member) == update.Permissions;

    /// <summary>
    /// Returns true while the order must be retried: the channel still uses the room, and the member has not received another endpoint in
    /// it.
    /// </summary>
    public bool Wants(RemoveEndpoint remove) => layouts.Announced.Any(layout =>
        layout.Find(remove.Epoch) is { } room
        && room.Node == remove.Node
        && layout.Endpoints.GetValueOrDefault(remove.Number)?.Room != room);
}
