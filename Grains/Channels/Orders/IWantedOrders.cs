namespace Hype.Grains.Channels.Orders;

/// <summary>Tells whether the channel still wants an order that is being retried.</summary>
internal interface IWantedOrders
{
    bool Wants(UpdateEndpoint update);

    bool Wants(RemoveEndpoint remove);
}
