//! WebServiceModel: a discrete-event simulator of a microservice web system.
