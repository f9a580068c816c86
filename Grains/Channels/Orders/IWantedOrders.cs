namespace Hype.Grains.Channels.Orders;

/// <summary>Decides whether the channel still needs an order that is being retried.</summary>
internal interface IWantedOrders
{
    bool Wants(UpdateEndpoint update);

    bool Wants(RemoveEndpoint remove);
}
