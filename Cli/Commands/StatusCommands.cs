using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>The commands for the whole deployment.</summary>
internal static class StatusCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        root.Add(shell.Asks(
            new Command("status", "Shows the deployment: version, nodes by region, channels, people"),
            (_, conversation, stop) => conversation.ShowAsync<HealthAnswer>("health", Tables.Status, stop)));
        root.Add(shell.Asks(
            new Command("regions", "Lists the regions with the addresses of their gateways"),
            (_, conversation, stop) => conversation.ShowAsync<RegionGatewayAnswer[]>("regions", Tables.Regions, stop)));
    }
}
