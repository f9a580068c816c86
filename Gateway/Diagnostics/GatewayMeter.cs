namespace Hype.Gateway.Diagnostics;

/// <summary>The meter and activity source that all instruments of a gateway belong to.</summary>
internal static class GatewayMeter
{
    public const string Name = "Hype.Gateway";
}
