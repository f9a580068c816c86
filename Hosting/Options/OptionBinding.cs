using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hype.Hosting.Options;

/// <summary>Binds options types to their sections of the configuration.</summary>
public static class OptionBinding
{
    /// <summary>Binds an options type to a section of the configuration, with a validator that the service container creates.</summary>
    /// <inheritdoc cref="AddHypeOptions{TOptions}(IServiceCollection, string, IValidateOptions{TOptions})"/>
    public static void AddHypeOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions> =>
        services.Bind<TOptions>(section, ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());

    /// <summary>Binds an options type to a section of the configuration.</summary>
    /// <remarks>
    /// Errors stop the start. A value of the wrong type and an unknown key are reported together with all other errors, where the binder
    /// alone would stop at the first. A second call for the same type changes nothing.
    /// </remarks>
    public static void AddHypeOptions<TOptions>(this IServiceCollection services, string section, IValidateOptions<TOptions> validator)
        where TOptions : class =>
        services.Bind<TOptions>(section, ServiceDescriptor.Singleton(validator));

    private static void Bind<TOptions>(this IServiceCollection services, string section, ServiceDescriptor validator)
        where TOptions : class
    {
        if (services.Any(service => service.ServiceType == validator.ServiceType))
            return;
        services.Add(validator);
        services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                try
                {
                    configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
                }
                catch (InvalidOperationException exception)
                {
                    throw new OptionsValidationException(section, typeof(TOptions), [$"{section}: {exception.Message}"]);
                }
            })
            .ValidateOnStart();
    }
}
